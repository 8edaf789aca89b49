using SandQueue.Contracts;

namespace SandQueue.Hosting.Startup;

/// <summary>The program cannot start. The message is all that is printed: one line that says why and what to do.</summary>
public sealed class StartupException(string message) : Exception(message)
{
    /// <summary>Prints it as the program's last line.</summary>
    /// <returns>The program's exit code.</returns>
    public async Task<int> PrintAsync()
    {
        await Console.Error.WriteLineAsync($"sandqueue: {OneLine.Of(Message)}");
        return 1;
    }
}
