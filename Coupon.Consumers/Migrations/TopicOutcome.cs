namespace Coupon.Consumers.Migrations;

/// <summary>What became of a topic.</summary>
internal enum TopicOutcome
{
    Existed,
    Created,
}
