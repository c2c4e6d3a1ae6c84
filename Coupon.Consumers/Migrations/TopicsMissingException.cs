namespace Coupon.Consumers.Migrations;

/// <summary>Topics were requested and do not exist yet: a slow cluster may still create them.</summary>
internal sealed class TopicsMissingException(IEnumerable<string> topics, string reason)
    : Exception($"These topics are missing and the cluster did not create them: {string.Join(", ", topics)}. {reason}");
