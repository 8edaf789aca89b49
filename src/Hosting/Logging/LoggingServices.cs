using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace SandQueue.Hosting.Logging;

/// <summary>Wires the log.</summary>
public static class LoggingServices
{
    /// <summary>Logs to the console, an entry a line.</summary>
    public static ILoggingBuilder AddLines(this ILoggingBuilder logging)
    {
        ArgumentNullException.ThrowIfNull(logging);
        logging.Services.TryAddSingleton(TimeProvider.System);
        return logging.AddConsole(console => console.FormatterName = OneLineFormatter.FormatterName).AddConsoleFormatter<OneLineFormatter, ConsoleFormatterOptions>();
    }
}
