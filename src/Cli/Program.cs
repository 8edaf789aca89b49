using System.Runtime.InteropServices;
using System.Text;
using SandQueue.Cli;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Screens;
using Spectre.Console;

using var interrupt = new CancellationTokenSource();
void Interrupt(PosixSignalContext signal)
{
    // The second time it is the system's: whoever asks twice does not wait.
    if (interrupt.IsCancellationRequested) return;

    signal.Cancel = true;
    interrupt.Cancel();
}

using var byKey = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var byOthers = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
var screen = new Screen(Console.Out, Console.Error, !Console.IsOutputRedirected, AnsiConsole.Console);
try
{
    return await CommandLine.RunAsync(args, new Surroundings(screen, Console.In, !Console.IsInputRedirected, Environment.GetEnvironmentVariable, TimeProvider.System), Console.Out, interrupt.Token);
}
catch (IOException exception) when (exception.Message.Contains("Broken pipe", StringComparison.Ordinal))
{
    // Whoever read our output, as head, has enough.
    return 0;
}
