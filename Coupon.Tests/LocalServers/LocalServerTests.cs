using System.Net;
using System.Net.Sockets;
using Coupon.LocalServers;

namespace Coupon.Tests.LocalServers;

/// <summary>A server whose port somebody else has, from between the moment when it was free and the start.</summary>
public sealed class LocalServerTests
{
    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Somebody_elses_server_on_the_port_is_not_taken_for_the_one_that_was_started()
    {
        await using var server = new RobbedServer { Answer = _ => Task.FromResult(true) };

        await Assert.ThrowsAsync<InvalidOperationException>(() => server.StartAsync(_cancellation));

        Assert.False(Directory.Exists(server.Folder));
    }

    [Fact]
    public async Task Somebody_who_accepts_and_is_silent_is_not_waited_for()
    {
        await using var server = new RobbedServer
        {
            Answer = async cancellationToken =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                return true;
            },
        };

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            server.StartAsync(_cancellation).WaitAsync(TimeSpan.FromSeconds(60), _cancellation)
        );
    }

    private sealed class RobbedServer() : LocalServer("robbed")
    {
        private readonly List<TcpListener> _somebody = [];

        public required Func<CancellationToken, Task<bool>> Answer { get; init; }

        public override string ConnectionString => "";

        public override string Description => "a program that does not get its port";

        protected override ChildCommand Command => new("sleep", "0.2");

        public Task StartAsync(CancellationToken cancellationToken) => StartFirstAsync(cancellationToken);

        protected override Task InitialiseAsync(CancellationToken cancellationToken)
        {
            var listener = new TcpListener(IPAddress.Loopback, Port);
            listener.Start();
            _somebody.Add(listener);
            return Task.CompletedTask;
        }

        protected override Task<bool> AnswersAsync(CancellationToken cancellationToken) => Answer(cancellationToken);
    }
}
