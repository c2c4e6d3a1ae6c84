using Coupon.Consumers.Issuing;

namespace Coupon.Tests.Consumers.Issuing;

/// <summary>What the ledger says of where a message failed.</summary>
[NeedsNothing]
public sealed class FailureFrameTests
{
    private const string Here = "Coupon.Tests.Consumers.Issuing.FailureFrameTests";

    [Fact]
    public void It_is_the_method_that_threw() => Assert.Equal($"{Here}.Throw", FailureFrame.Of(Assert.ThrowsAny<Exception>(Throw)));

    [Fact]
    public async Task It_is_the_method_and_not_what_the_compiler_makes_of_it() =>
        Assert.Equal($"{Here}.ThrowAsync", FailureFrame.Of(await Assert.ThrowsAnyAsync<Exception>(ThrowAsync)));

    [Fact]
    public void It_is_the_first_of_this_service_where_a_library_threw() =>
        Assert.Equal($"{Here}.Parse", FailureFrame.Of(Assert.ThrowsAny<Exception>(() => Parse())));

    [Fact]
    public void What_was_never_thrown_failed_nowhere() => Assert.Null(FailureFrame.Of(new InvalidOperationException("never thrown")));

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Throw() => throw new InvalidOperationException("thrown");

    private static async Task ThrowAsync()
    {
        await Task.Yield();
        throw new InvalidOperationException("thrown");
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static int Parse() => int.Parse("no number", System.Globalization.CultureInfo.InvariantCulture);
}
