using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace SandQueue.Workers.Tests.Protocols.Http;

/// <summary>One connection of a client to a <see cref="HostileServer"/>.</summary>
internal sealed partial class HostileConnection(HostileServer server, NetworkStream stream) : IDisposable
{
    private static readonly TimeSpan Trickle = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether another request may come.</summary>
    public bool GoesOn { get; set; }

    /// <returns>False where the client closed it.</returns>
    public async Task<bool> ReadRequestAsync()
    {
        var request = new StringBuilder();
        var part = new byte[4096];
        while (!IsWhole(request.ToString()))
        {
            var read = await stream.ReadAsync(part, server.Exited);
            if (read == 0) return false;
            request.Append(Encoding.ASCII.GetString(part, 0, read));
        }

        // A look whether anybody listens asks for nothing.
        if (!request.ToString().StartsWith("HEAD ", StringComparison.Ordinal)) server.Asked();
        return true;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes)
    {
        await stream.WriteAsync(bytes, server.Exited);
        server.Took(bytes.Length);
    }

    /// <summary>As fast as the client takes it, until it hangs up.</summary>
    public async Task SendForeverAsync(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(text, 1 + (16_384 / text.Length))));
        while (true) await SendAsync(bytes);
    }

    /// <summary>Little by little, until the client hangs up.</summary>
    public async Task TrickleForeverAsync(string text)
    {
        while (true)
        {
            await SendAsync(text);
            await Task.Delay(Trickle, server.Exited);
        }
    }

    public Task HangAsync() => Task.Delay(Timeout.Infinite, server.Exited);

    public void Dispose() => stream.Dispose();

    private static bool IsWhole(string request)
    {
        var head = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0) return false;
        var length = ContentLength().Match(request);
        return !length.Success || request.Length >= head + 4 + int.Parse(length.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("Content-Length: ([0-9]+)", RegexOptions.IgnoreCase)]
    private static partial Regex ContentLength();
}
