namespace Coupon.Consumers.Migrations;

/// <summary>Whether a topic had to be created.</summary>
internal enum TopicOutcome
{
    Existed,
    Created,
}
