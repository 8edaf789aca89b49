namespace SandQueue.Routing.Observation.Latency;

/// <summary>The newest slots of time, each with what was counted in it. One that is over is never emptied, but another put in its place, so that nobody counts into the wrong seconds.</summary>
/// <typeparam name="TSlot">What is counted in.</typeparam>
/// <param name="length">How many are kept.</param>
internal sealed class SlotRing<TSlot>(int length)
    where TSlot : class
{
    private readonly Numbered?[] _places = new Numbered?[length];

    /// <summary>The slot of that number; null where nothing was counted in it.</summary>
    public TSlot? Find(long number) => number >= 0 && Volatile.Read(ref _places[number % length]) is { } slot && slot.Number == number ? slot.Slot : null;

    /// <summary>The slot of that number, which is made where it is not there.</summary>
    /// <param name="number">Counted from the beginning of the monotonic clock.</param>
    /// <param name="make">Makes one.</param>
    public TSlot Of(long number, Func<TSlot> make)
    {
        ref var place = ref _places[number % length];
        var found = Volatile.Read(ref place);
        if (found?.Number == number) return found.Slot;

        // Of several that find a slot over, one puts the next there, and all count into it.
        var fresh = new Numbered(number, make());
        var before = Interlocked.CompareExchange(ref place, fresh, found);
        return (before == found ? fresh : before!).Slot;
    }

    private sealed class Numbered(long number, TSlot slot)
    {
        public long Number => number;

        public TSlot Slot => slot;
    }
}
