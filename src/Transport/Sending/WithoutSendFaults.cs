using Microsoft.Extensions.Logging;

namespace SandQueue.Transport.Sending;

/// <summary>The program's loggers, but for MassTransit's line of a send that failed: its caller is told by an exception, and decides.</summary>
internal sealed class WithoutSendFaults(ILoggerFactory loggers) : ILoggerFactory
{
    /// <summary>How MassTransit's line of a failed send begins, in its category for sends and in that of the consumer that sends.</summary>
    private const string SendFault = "S-FAULT";

    public ILogger CreateLogger(string categoryName) => new Filtered(loggers.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    public void Dispose()
    {
        // The loggers are the program's.
    }

    private sealed class Filtered(ILogger log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => log.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Error && formatter(state, exception).StartsWith(SendFault, StringComparison.Ordinal)) return;
            log.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
