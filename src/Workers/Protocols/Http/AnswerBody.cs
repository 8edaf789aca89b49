using System.Runtime.CompilerServices;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Protocols.Http;

/// <summary>
/// Reads the body of an answer into memory. Who serves may announce more than it sends, send without end, or do so for thousands of
/// instances at once: memory is taken for what has come, not for what is announced, and of one container's answers only a few may be
/// long at the same time.
/// </summary>
internal static class AnswerBody
{
    private const int FirstPart = 4 * 1024;

    /// <summary>What every call of a container may read at the same time. A longer answer waits for its turn, within the limit of its call.</summary>
    private const int Short = 64 * 1024;

    private const int LongAtOnce = 4;

    /// <summary>Turns at long answers; they go with their container.</summary>
    private static readonly ConditionalWeakTable<IContainer, SemaphoreSlim> Turns = [];

    /// <param name="container">Who answers.</param>
    /// <param name="content">Its answer, of which nothing was read.</param>
    /// <param name="mostBytes">An answer that is larger is a failure.</param>
    /// <param name="cancellationToken">The caller's limit.</param>
    /// <exception cref="EnvironmentFailedException">It is larger.</exception>
    /// <exception cref="IOException">It broke off.</exception>
    public static async Task<byte[]> ReadAsync(IContainer container, HttpContent content, long mostBytes, CancellationToken cancellationToken)
    {
        var announced = content.Headers.ContentLength;
        if (announced > mostBytes) throw TooLarge(mostBytes);
        await using var body = await content.ReadAsStreamAsync(cancellationToken);

        // As nearly all are: short, and as long as announced.
        var buffer = new byte[Math.Min(announced ?? FirstPart, Short)];
        var length = 0;
        SemaphoreSlim? turn = null;
        try
        {
            while (length != announced)
            {
                if (length == buffer.Length)
                {
                    if (turn is null && length >= Short) turn = await TakeTurnAsync(container, cancellationToken);
                    Array.Resize(ref buffer, (int)Math.Min(Math.Max(length * 2L, FirstPart), announced ?? (mostBytes + 1)));
                }

                var read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken);
                if (read == 0) break;
                length += read;
                if (length > mostBytes) throw TooLarge(mostBytes);
            }

            return length == buffer.Length ? buffer : buffer[..length];
        }
        finally
        {
            turn?.Release();
        }
    }

    private static async Task<SemaphoreSlim> TakeTurnAsync(IContainer container, CancellationToken cancellationToken)
    {
        var turns = Turns.GetValue(container, _ => new SemaphoreSlim(LongAtOnce, LongAtOnce));
        await turns.WaitAsync(cancellationToken);
        return turns;
    }

    /// <summary>The failure of an answer that is too large.</summary>
    public static EnvironmentFailedException TooLarge(long mostBytes) => new($"the environment's answer is larger than {mostBytes} bytes (MaxAnswerMb)");
}
