using System.Runtime.CompilerServices;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>
/// MassTransit makes its instruments once a process, with the meter factory of the first host that starts a bus, and they fall silent when that host
/// is disposed. Many hosts come and go here, so the instruments are made before any of them, and belong to none.
/// </summary>
internal static class LastingInstruments
{
    [ModuleInitializer]
    internal static void Create() => Bus.Factory.CreateUsingInMemory(bus => bus.UseInstrumentation());
}
