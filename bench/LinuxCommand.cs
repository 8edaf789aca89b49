using System.Runtime.InteropServices;

namespace SandQueue.Bench;

/// <summary>A measurement that reads <c>/proc</c>, as a command: refuses what is wrong with one line, and ends what it started when it is interrupted.</summary>
internal static class LinuxCommand
{
    private const int Wrong = 2;
    private const int Interrupted = 130;

    /// <param name="name">What the command is called.</param>
    /// <param name="args">The words behind it.</param>
    /// <param name="parse">Reads them; throws <see cref="ArgumentException"/> or <see cref="FormatException"/> where they are wrong.</param>
    /// <param name="run">Measures, and returns the exit code.</param>
    public static async Task<int> RunAsync<T>(string name, IReadOnlyList<string> args, Func<IReadOnlyList<string>, T> parse, Func<T, CancellationToken, Task<int>> run)
    {
        T options;
        try
        {
            options = parse(args);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            await Console.Error.WriteLineAsync($"{name}: {exception.Message}");
            return Wrong;
        }

        if (!OperatingSystem.IsLinux())
        {
            await Console.Error.WriteLineAsync($"{name}: it reads from /proc what processes use, so it runs on Linux only");
            return Wrong;
        }

        // The tasks that are played are those of the sample that is built in.
        Environment.SetEnvironmentVariable("SANDQUEUE_BFCL_DATA", null);
        using var ending = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        try
        {
            return await run(options, ending.Token);
        }
        catch (Exception) when (ending.IsCancellationRequested)
        {
            // The programs of a terminal are interrupted with this one: what their clients hear then is no finding.
            return Interrupted;
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync($"{name}: {exception.Message}");
            return 1;
        }

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            ending.Cancel();
        }
    }
}
