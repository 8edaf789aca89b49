using System.Numerics;

namespace SandQueue.Environments.Python;

/// <summary>
/// A Python value that is never changed once made: simulated services answer and compare as the Python programs they
/// stand for do, and thousands of instances may share one value without copies or locks.
/// </summary>
internal abstract class PyValue
{
    /// <summary><c>type(x).__name__</c>, as error messages say it.</summary>
    public abstract string TypeName { get; }

    /// <summary><c>bool(x)</c>.</summary>
    public abstract bool Truthy { get; }

    public static PyValue None => PyNone.Value;

    /// <summary><c>str(x)</c>; a string is itself, everything else reads as its <c>repr</c>.</summary>
    public sealed override string ToString() => this is PyStr text ? text.Text : PyRepr.Of(this);

    public static implicit operator PyValue(string text) => new PyStr(text);

    public static implicit operator PyValue(bool value) => PyBool.Of(value);

    public static implicit operator PyValue(int value) => new PyInt(value);

    public static implicit operator PyValue(long value) => new PyInt(value);

    public static implicit operator PyValue(BigInteger value) => new PyInt(value);

    public static implicit operator PyValue(double value) => new PyFloat(value);
}
