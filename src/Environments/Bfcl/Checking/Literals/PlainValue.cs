using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.Checking.Literals;

/// <summary>An int where the text reads as one, else a float, else the text.</summary>
internal static class PlainValue
{
    public static PyValue Guess(string text)
    {
        if (PyNumberText.TryParseFloat(text) is not { } real) return text;

        // A point, an exponent, "inf" and "nan" are what an int cannot have.
        if (text.Any(c => c is '.' or 'e' or 'E' or 'i' or 'I' or 'n' or 'N')) return real;
        try
        {
            return PyNumberText.ToInteger(text);
        }
        catch (PyError)
        {
            // Too many digits for an int; the float is infinite then.
            return real;
        }
    }
}
