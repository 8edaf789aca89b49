namespace SandQueue.Gateway.Hosting;

/// <summary>The program cannot start. The message is all that is printed: one line that says why and what to do.</summary>
internal sealed class StartupException(string message) : Exception(message);
