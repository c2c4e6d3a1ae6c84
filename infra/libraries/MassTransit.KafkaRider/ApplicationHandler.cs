namespace MassTransit.KafkaIntegration;

/// <summary>
/// Calls what the application has given the rider to call on a thread of the client: what it throws would end the client, and so the consumption or
/// the acknowledgements.
/// </summary>
internal static class ApplicationHandler
{
    public static void Call(Action handler, Action<Exception> failed)
    {
        try
        {
            handler();
        }
#pragma warning disable CA1031 // Whatever a handler of the application's throws.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failed(exception);
        }
    }
}
