using System.ComponentModel.DataAnnotations;

namespace Coupon.Consumers.Migrations;

/// <summary>Section <c>Migrate</c>.</summary>
internal sealed class MigrationOptions
{
    /// <summary>The longest wait for servers that are still starting; the option <c>--wait</c> goes before it. 0 to 1 h, default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan WaitFor { get; set; } = TimeSpan.FromSeconds(60);
}
