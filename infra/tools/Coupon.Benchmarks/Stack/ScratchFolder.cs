using Coupon.LocalServers;

namespace Coupon.Benchmarks.Stack;

/// <summary>A folder that is deleted after use. The next run deletes the folders of a killed one.</summary>
internal sealed class ScratchFolder(string purpose) : IDisposable
{
    public string Path { get; } = TemporaryFolder.Create(purpose);

    public void Dispose() => TemporaryFolder.Delete(Path);
}
