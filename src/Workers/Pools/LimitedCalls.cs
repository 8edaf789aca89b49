using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Pools;

/// <summary>Limits the calls of one instance to what its environment's settings allow, and counts them in its container.</summary>
/// <param name="limit">How long one call may run.</param>
/// <param name="time">The clock.</param>
/// <param name="calls">The calls of the container, of all its instances.</param>
internal sealed class LimitedCalls(TimeSpan limit, TimeProvider time, CallCount calls)
{
    /// <exception cref="EnvironmentTimeoutException">The call ran out of time.</exception>
    /// <exception cref="OperationCanceledException">The caller's time ran out first.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var failed = true;
        calls.Began();
        try
        {
            var answer = await LimitAsync(call, cancellationToken);
            failed = false;
            return answer;
        }
        catch (EnvironmentRejectedException)
        {
            failed = false;
            throw;
        }
        finally
        {
            calls.Ended(failed);
        }
    }

    private async Task<T> LimitAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var either = new CancellationTokenSource(limit, time);
        await using var given = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), either);
        try
        {
            return await call(either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new EnvironmentTimeoutException(limit);
        }
    }
}
