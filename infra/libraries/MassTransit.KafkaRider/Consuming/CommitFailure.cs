using Confluent.Kafka;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Says that offsets could not be committed: loudly, unless it is how groups work.</summary>
internal static class CommitFailure
{
    public static void Report(ReceiveEndpointContext endpoint, Error error)
    {
        var logger = endpoint.LogContext.Logger;
        if (
            error.Code
            is ErrorCode.RebalanceInProgress
                or ErrorCode.IllegalGeneration
                or ErrorCode.UnknownMemberId
                or ErrorCode.Local_WaitCoord
                or ErrorCode.Local_State
                or ErrorCode.Local_NoOffset
                or ErrorCode.GroupLoadInProgress
                or ErrorCode.NotCoordinatorForGroup
        )
            Log.CommitDeferred(logger, endpoint.InputAddress, error.Code);
        else
            Log.CommitFailed(logger, endpoint.InputAddress, error.Code, error.Reason);
    }
}
