using System.CommandLine;
using Coupon.Benchmarks.Baselines;
using Coupon.Benchmarks.Measuring;
using Coupon.Benchmarks.Stack;
using Coupon.LocalServers;

namespace Coupon.Benchmarks.Waiting;

/// <summary><c>start</c>: how long a process takes until it is ready, and what that costs. Most of it is the warm-up.</summary>
internal static class StartCommand
{
    private const string Topic = "start";

    public static Command Create()
    {
        var command = new Command("start", "Time and CPU of a process until it is ready, against bare Kestrel.");
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var settings = Settings.Of(parsed);
                await using var stack = await BenchmarkStack.StartAsync(cancellationToken);
                await stack.CreateTopicsAsync(Topic);
                var environment = stack.Environment(Topic);
                var bare = new Starts(BaselineServer.Bare, Programs.Baseline(BaselineServer.Bare, environment));
                Starts[] programs = [bare, new("API", settings.Programs.Api(environment)), new("consumer", settings.Programs.Consumers(environment))];

                // Reads the programs from the disk, and is not measured.
                foreach (var program in programs)
                    await program.RunAsync(stack.LogFolder, cancellationToken);
                var foreign = new ForeignLoad();
                for (var round = 0; round < settings.Rounds; round++)
                {
                    foreach (var program in Turns.Of(programs, round))
                        program.Add(await program.RunAsync(stack.LogFolder, cancellationToken));
                }

                string[] notes = ["One process at a time, whose files the kernel has in memory.", stack.Note, foreign.Note()];
                var rows = programs.SelectMany(program => program.Rows(program == bare ? null : bare.Name));
                await Report.WriteAsync(settings.Output, "start", new Table("From start to ready", [.. rows], notes));
            }
        );
        return command;
    }

    private sealed class Starts(string name, ChildCommand command)
    {
        private readonly List<double> _elapsed = [];
        private readonly List<double> _processor = [];

        public string Name => name;

        public async Task<(double Elapsed, double Processor)> RunAsync(string logFolder, CancellationToken cancellationToken)
        {
            await using var process = await ServerProcess.StartAsync(name, command, logFolder, cancellationToken);
            return (process.SecondsToReady, process.ProcessorSeconds);
        }

        public void Add((double Elapsed, double Processor) start)
        {
            _elapsed.Add(start.Elapsed);
            _processor.Add(start.Processor);
        }

        public IEnumerable<Row> Rows(string? baseline) =>
            [new(name, "s until ready", new Samples(_elapsed), baseline), new(name, "CPU s until ready", new Samples(_processor), baseline)];
    }
}
