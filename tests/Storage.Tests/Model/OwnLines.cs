using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SandQueue.Storage.Tests.Model;

/// <summary>Keeps the lines that this project logs, and none of its libraries'.</summary>
internal sealed class OwnLines : ILoggerProvider
{
    public ConcurrentQueue<(LogLevel Level, string Line)> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("SandQueue.", StringComparison.Ordinal) ? new Keeper(Lines) : NullLogger.Instance;

    public void Dispose()
    {
    }

    private sealed class Keeper(ConcurrentQueue<(LogLevel Level, string Line)> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue((logLevel, formatter(state, exception)));
    }
}
