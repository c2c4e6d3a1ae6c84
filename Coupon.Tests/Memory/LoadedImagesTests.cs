using Coupon.Memory;

namespace Coupon.Tests.Memory;

public sealed class LoadedImagesTests
{
    private const string Code = "7f2ee8eba000-7f2ee9589000 r-xp 000ba000 fe:00 11756291                   /app/librdkafka.so";

    [Fact]
    public void Unchanged_pages_of_a_file_that_code_runs_of_are_given_back()
    {
        var region = Assert.Single(LoadedImages.In([Code, .. Pages()]));

        Assert.Equal(new MemoryRegion(unchecked((nuint)0x7f2ee8eba000), 0x6cf000), region);
    }

    [Theory]
    [InlineData("r--p", true)]
    [InlineData("r--s", true)]
    [InlineData("rw-p", false)]
    public void The_other_parts_of_that_file_are_given_back_unless_they_can_be_written(string access, bool given)
    {
        string[] other = [$"7f0000000000-7f0000001000 {access} 00000000 fe:00 11756291                   /app/librdkafka.so", .. Pages()];

        Assert.Equal(given ? 2 : 1, LoadedImages.In([Code, .. Pages(), .. other]).Count);
    }

    [Theory]
    [InlineData(12, 0)]
    [InlineData(0, 12)]
    public void What_was_written_once_stays_in_memory_or_swapped_out(int anonymous, int swap) =>
        Assert.Empty(LoadedImages.In([Code, .. Pages(anonymous, swap)]));

    [Theory]
    [InlineData("7f0000000000-7f0000001000 r--s 00000000 fe:00 42                         /app/data.bin")]
    [InlineData("7f0000000000-7f0000001000 r-xp 00000000 00:00 0                          [vdso]")]
    [InlineData("7f0000000000-7f0000001000 r-xp 00000000 00:00 0 ")]
    public void What_is_no_file_with_code_stays(string entry) => Assert.Empty(LoadedImages.In([entry, .. Pages()]));

    private static string[] Pages(int anonymous = 0, int swap = 0) =>
        ["Size:               6972 kB", "Rss:                4028 kB", $"Anonymous:          {anonymous,4} kB", $"Swap:               {swap,4} kB", "VmFlags: rd ex mr mw me"];
}
