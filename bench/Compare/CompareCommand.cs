using System.Runtime.InteropServices;

namespace SandQueue.Bench.Compare;

/// <summary>The comparison as a command: refuses what is wrong with one line, and ends what it started when it is interrupted.</summary>
internal static class CompareCommand
{
    private const int Wrong = 2;
    private const int Interrupted = 130;

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        CompareOptions options;
        try
        {
            options = CompareOptions.Parse(args);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            await Console.Error.WriteLineAsync($"compare: {exception.Message}");
            return Wrong;
        }

        if (!OperatingSystem.IsLinux())
        {
            await Console.Error.WriteLineAsync("compare: it reads processor times from /proc, so it runs on Linux only");
            return Wrong;
        }

        // The tasks that are played are those of the sample that is built in.
        Environment.SetEnvironmentVariable("SANDQUEUE_BFCL_DATA", null);
        using var ending = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        try
        {
            return await new CompareRun(options).RunAsync(ending.Token);
        }
        catch (Exception) when (ending.IsCancellationRequested)
        {
            // The programs of a terminal are interrupted with this one: what their clients hear then is no finding.
            return Interrupted;
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync($"compare: {exception.Message}");
            return 1;
        }

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            ending.Cancel();
        }
    }
}
