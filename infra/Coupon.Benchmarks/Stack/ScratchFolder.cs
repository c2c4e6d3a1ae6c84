using Coupon.LocalStack;

namespace Coupon.Benchmarks.Stack;

/// <summary>A folder for as long as it is needed; what a killed run leaves behind, the next one deletes.</summary>
internal sealed class ScratchFolder(string purpose) : IDisposable
{
    public string Path { get; } = TemporaryFolder.Create(purpose);

    public void Dispose() => TemporaryFolder.Delete(Path);
}
