using System.Diagnostics;

namespace Coupon.LocalServers;

/// <summary>
/// A program of this machine, run as a private instance on a loopback port with a data folder of its own. It can be killed and started again
/// on the same port with the same data, as fault tests need it.
/// </summary>
public abstract class LocalServer(string name) : IRunningServer
{
    private const int StartAttempts = 5;
    private static readonly TimeSpan _startTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _answerTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _stopPatience = TimeSpan.FromSeconds(30);

    private ChildProcess? _process;

    /// <inheritdoc />
    public abstract string ConnectionString { get; }

    /// <inheritdoc />
    public abstract string Description { get; }

    /// <summary>The loopback port, the same after a restart.</summary>
    public int Port { get; private set; }

    /// <summary>Everything that the server keeps; deleted with it.</summary>
    public string Folder { get; } = TemporaryFolder.Create(name);

    /// <summary>The process while it runs.</summary>
    public ChildProcess Process => _process ?? throw new InvalidOperationException($"{name} is not running.");

    /// <summary>How to start it on <see cref="Port"/>, with data in <see cref="Folder"/>.</summary>
    protected abstract ChildCommand Command { get; }

    /// <summary>Whether it answers a real request, not only the connection.</summary>
    protected abstract Task<bool> AnswersAsync(CancellationToken cancellationToken);

    /// <summary>Prepares the data folder, once, before the first start on a port.</summary>
    protected virtual Task InitialiseAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Releases what else it has, once its process has ended.</summary>
    protected virtual ValueTask DisposeMoreAsync() => ValueTask.CompletedTask;

    /// <summary>kill −9. What the server had not written is gone.</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <summary>Stops it in order, and waits.</summary>
    public Task StopAsync() => Process.StopAsync(_stopPatience);

    /// <summary>Freezes it: connections stay open, nothing answers.</summary>
    public void Freeze() => Process.Freeze();

    /// <summary>Lets it go on after <see cref="Freeze"/>.</summary>
    public void Thaw() => Process.Thaw();

    /// <summary>Starts it again on the same port with the same data, and waits until it answers.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        if (!await LaunchAsync(cancellationToken))
            throw CouldNotStart();
    }

    /// <summary>The first start: tries another port if another process has taken the first one meanwhile.</summary>
    protected async Task StartFirstAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var attempt = 1; attempt <= StartAttempts; attempt++)
            {
                Port = FreePort.Next();
                await InitialiseAsync(cancellationToken);
                if (await LaunchAsync(cancellationToken))
                    return;
            }

            throw CouldNotStart();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private async Task<bool> LaunchAsync(CancellationToken cancellationToken)
    {
        _process?.Dispose();
        _process = await ChildProcess.StartAsync(Command, Path.Combine(Folder, "server.log"));
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < _startTimeout && !_process.HasExited)
        {
            if (await AnswersInTimeAsync(_process, cancellationToken) && ListeningSocket.IsOf(_process.Id, Port))
                return true;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }

        if (!_process.HasExited)
            await _process.KillAsync();
        return false;
    }

    /// <summary>An accepted connection without a reply is no answer. Gives up at once if the process has ended.</summary>
    private async Task<bool> AnswersInTimeAsync(ChildProcess process, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(_answerTimeout);
        var ended = process.WaitForExitAsync(enough.Token);
        var answer = AnswersAsync(enough.Token);
        try
        {
            await Task.WhenAny(answer, ended);
            await enough.CancelAsync();
            return await answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private InvalidOperationException CouldNotStart() => new($"{name} does not start. The end of its log:\n{_process?.LastOutput()}");

    /// <summary>Kills it and deletes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await _process.KillAsync();
        _process?.Dispose();
        _process = null;
        await DisposeMoreAsync();
        TemporaryFolder.Delete(Folder);
        GC.SuppressFinalize(this);
    }
}
