using Coupon.Faults.Protections;
using Coupon.Tests.Architecture;

namespace Coupon.Tests.Faults.Protections;

[NeedsNothing]
public sealed class AllProtectionsTests
{
    public static TheoryData<string> Names => new(AllProtections.List.Select(protection => protection.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_protection_is_switched_off_by_something_that_the_sources_still_have(string name)
    {
        var protection = AllProtections.List.Single(each => each.Name == name);

        Assert.True(protection.Settings.Count + protection.Statements.Count + protection.Edits.Count > 0);
        Assert.All(protection.Edits, edit =>
        {
            var source = File.ReadAllText(Path.Combine(Sources.Root, edit.File));
            Assert.NotEqual(source, edit.In(source));
        });
    }

    [Fact]
    public void A_text_that_is_there_twice_or_not_at_all_is_refused()
    {
        var edit = new SourceEdit("a.cs", "x", "y");

        Assert.Equal("a y b", edit.In("a x b"));
        Assert.Throws<InvalidOperationException>(() => edit.In("a b"));
        Assert.Throws<InvalidOperationException>(() => edit.In("x x"));
    }
}
