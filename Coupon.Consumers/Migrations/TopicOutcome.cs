namespace Coupon.Consumers.Migrations;

/// <summary>What became of a topic.</summary>
internal enum TopicOutcome
{
    Existed,
    Created,

    /// <summary>The broker does not answer requests to create topics; it creates them itself when they are first written to, or an administrator must.</summary>
    LeftToTheBroker,
}
