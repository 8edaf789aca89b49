using System.Globalization;
using SandQueue.Contracts;

namespace SandQueue.Gateway.Commands;

/// <summary>The header <c>Server-Timing</c>: where the time of a command went, in ms.</summary>
internal static class CommandTimingHeader
{
    public static void Write(HttpResponse response, CommandTiming timing) =>
        response.Headers["Server-Timing"] = string.Create(
            CultureInfo.InvariantCulture,
            $"queue;dur={timing.Waiting:0.###}, environment;dur={timing.Environment:0.###}, journal;dur={timing.Journal:0.###}");
}
