using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using SandQueue.Contracts;

namespace SandQueue.Hosting.Logging;

/// <summary>
/// Writes each entry of the log as one line, with a limit: <c>12:00:00 warn: Category[id] message (exception)</c>, with <c>trace=…</c> before the message
/// where it belongs to a request or a traced command. What callers, agents and environments say is part of many entries, and must neither forge a line nor
/// fill a disk.
/// </summary>
internal sealed partial class OneLineFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    /// <summary>What the setting <c>Logging:Console:FormatterName</c> calls it.</summary>
    public const string FormatterName = "line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        var failure = logEntry.Exception is { } exception ? $" ({Chain(exception)}{Place(exception)})" : "";
        var trace = Activity.Current is { } current ? $"trace={current.TraceId} " : "";
        textWriter.WriteLine(OneLine.Of($"{time.GetLocalNow():HH:mm:ss} {Level(logEntry.LogLevel)}: {logEntry.Category}[{logEntry.EventId.Id}] {trace}{message}{failure}"));
    }

    /// <summary>A stack is many lines, and its reader wants the reasons: each cause that says something new.</summary>
    private static string Chain(Exception exception)
    {
        var reason = $"{exception.GetType().Name}: {exception.Message}";
        return exception.InnerException is { } inner && !reason.Contains(inner.Message, StringComparison.Ordinal) ? $"{reason} <- {Chain(inner)}" : reason;
    }

    /// <summary>Where in our own code it passed first.</summary>
    private static string Place(Exception exception) =>
        OwnFrame().Match(exception.StackTrace ?? "") is { Success: true } frame ? $", in {frame.Groups[1].ValueSpan}{(frame.Groups[2].Success ? $":{frame.Groups[2].ValueSpan}" : "")}" : "";

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };

    [GeneratedRegex(@"at (SandQueue\.[^\s(]+)\([^\r\n]*?(?::line (\d+))?\r?$", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex OwnFrame();
}
