using System.Globalization;
using System.Numerics;

namespace SandQueue.Environments.Countdown;

/// <summary>Numbers, and the target that an expression of all of them must reach.</summary>
internal sealed record Puzzle(IReadOnlyList<int> Numbers, int Target)
{
    /// <summary>The numbers as prompts write them.</summary>
    public string WrittenNumbers => string.Join(", ", Numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Whether every number was written as often as it is given, and no other.</summary>
    public bool IsOf(IReadOnlyList<BigInteger> written) => written.Order().SequenceEqual(Numbers.Order().Select(number => (BigInteger)number));

    public bool IsReachedBy(Rational value) => value == (BigInteger)Target;
}
