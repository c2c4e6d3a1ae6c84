namespace Coupon.Tests.Deployment;

/// <summary>The kustomizations that somebody applies, or builds on.</summary>
internal static class Kustomizations
{
    public const string Base = "base";
    public const string Migration = "migration";
    public const string Production = "overlays/production";
    public const string ProductionMigration = "overlays/production/migration";

    public static TheoryData<string> All => [Base, Migration, Production, ProductionMigration];

    /// <summary>Those of a running service.</summary>
    public static TheoryData<string> Services => [Base, Production];

    /// <summary>Those that run <c>migrate</c>.</summary>
    public static TheoryData<string> Migrations => [Migration, ProductionMigration];
}
