using Confluent.Kafka;
using MassTransit.KafkaIntegration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Coupon.Tests.KafkaRider;

[NeedsNothing]
public sealed class ClientErrorsTests : IDisposable
{
    private readonly RecordedLogs _logs = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ClientErrors _errors;

    public ClientErrorsTests() => _errors = new ClientErrors(_logs.CreateLogger("client"), "client", _time);

    public void Dispose() => _logs.Dispose();

    [Fact]
    public void Attempts_to_connect_are_for_debugging_only()
    {
        foreach (var code in new[] { ErrorCode.Local_Transport, ErrorCode.Local_Resolve, ErrorCode.Local_TimedOut, ErrorCode.Local_AllBrokersDown })
            _errors.Report(new Error(code));

        Assert.Equal(4, _logs.Count(LogLevel.Debug));
        Assert.Empty(_logs.AtLeast(LogLevel.Information));
    }

    [Fact]
    public void Any_other_error_is_a_warning_once_a_minute_for_each_kind()
    {
        for (var i = 0; i < 5; i++)
            _errors.Report(new Error(ErrorCode.Local_Authentication, "wrong password"));
        _errors.Report(new Error(ErrorCode.TopicAuthorizationFailed));
        Assert.Equal(2, _logs.Count(LogLevel.Warning));
        Assert.Equal("client: Local_Authentication: wrong password", _logs.AtLeast(LogLevel.Warning).First());

        _time.Advance(TimeSpan.FromMinutes(1));
        _errors.Report(new Error(ErrorCode.Local_Authentication, "wrong password"));

        Assert.Equal(3, _logs.Count(LogLevel.Warning));
        Assert.Equal(7, _logs.Count(LogLevel.Debug));
    }
}
