namespace SandQueue.Workers.Pools;

/// <summary>The exponential backoff between two tries to start what does not start, counted in checks of the pool: 2, 4, 8, … up to 32.</summary>
internal sealed class StartBackoff
{
    private const int Longest = 32;

    private readonly Lock _lock = new();
    private int _failures;
    private int _checks;

    public void Succeeded()
    {
        lock (_lock) (_failures, _checks) = (0, 0);
    }

    public void Failed()
    {
        lock (_lock) _checks = Math.Min(1 << Math.Min(++_failures, 16), Longest);
    }

    /// <summary>Called once a check.</summary>
    /// <returns>Whether this check may start containers.</returns>
    public bool IsOver()
    {
        lock (_lock)
        {
            if (_checks == 0) return true;
            _checks--;
            return false;
        }
    }
}
