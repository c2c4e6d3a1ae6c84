using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using Coupon.Contracts;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

/// <summary>
/// Runs in a process of the API before its Main (https://github.com/dotnet/runtime/blob/main/docs/design/features/host-startup-hook.md, which sets
/// the name and the missing namespace), and registers a producer that kills the process.
/// </summary>
internal sealed class StartupHook : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private const string KillAtMessageVariable = "COUPON_TEST_KILL_AT_MESSAGE";

    private bool _isDone;

    /// <summary>
    /// The environment of a process that dies, as by kill −9, instead of producing its n-th message: the seat is taken, and only the outbox knows.
    /// </summary>
    public static (string Name, string Value)[] KillAtMessage(int number) =>
        [("DOTNET_STARTUP_HOOKS", typeof(StartupHook).Assembly.Location), (KillAtMessageVariable, number.ToString(CultureInfo.InvariantCulture))];

    public static void Initialize() => DiagnosticListener.AllListeners.Subscribe(new StartupHook());

    // Every host builder announces itself; WebApplicationFactory changes hosts in the same way.
    void IObserver<DiagnosticListener>.OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.Extensions.Hosting")
            value.Subscribe(this);
    }

    // The first host is the program's; the warm-up builds another one.
    void IObserver<KeyValuePair<string, object?>>.OnNext(KeyValuePair<string, object?> value)
    {
        if (_isDone || value is not { Key: "HostBuilding", Value: IHostBuilder host })
            return;
        _isDone = true;
        host.ConfigureServices(Decorate);
    }

    void IObserver<DiagnosticListener>.OnCompleted() { }

    void IObserver<DiagnosticListener>.OnError(Exception error) { }

    void IObserver<KeyValuePair<string, object?>>.OnCompleted() { }

    void IObserver<KeyValuePair<string, object?>>.OnError(Exception error) { }

    private static void Decorate(IServiceCollection services)
    {
        var number = int.Parse(Environment.GetEnvironmentVariable(KillAtMessageVariable)!, CultureInfo.InvariantCulture);
        var producer = services.Last(service => service.ServiceType == typeof(ITopicProducer<Null, CouponIssued>)).ImplementationFactory!;
        services.AddScoped<ITopicProducer<Null, CouponIssued>>(provider => new KillingProducer(
            (ITopicProducer<Null, CouponIssued>)producer(provider),
            number
        ));
    }

    private sealed class KillingProducer(ITopicProducer<Null, CouponIssued> inner, int number) : ITopicProducer<Null, CouponIssued>
    {
        private int _messages;

        public Task Produce(Null key, CouponIssued value, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _messages) == number)
            {
                using var self = Process.GetCurrentProcess();
                self.Kill();
            }

            return inner.Produce(key, value, cancellationToken);
        }

        public Task Produce(Null key, CouponIssued value, IPipe<KafkaSendContext<Null, CouponIssued>> pipe, CancellationToken cancellationToken) =>
            inner.Produce(key, value, pipe, cancellationToken);

        public Task Produce(Null key, object values, CancellationToken cancellationToken) => inner.Produce(key, values, cancellationToken);

        public Task Produce(Null key, object values, IPipe<KafkaSendContext<Null, CouponIssued>> pipe, CancellationToken cancellationToken) =>
            inner.Produce(key, values, pipe, cancellationToken);

        public ConnectHandle ConnectSendObserver(ISendObserver observer) => inner.ConnectSendObserver(observer);
    }
}
