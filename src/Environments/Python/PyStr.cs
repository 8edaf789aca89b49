namespace SandQueue.Environments.Python;

/// <summary>A <c>str</c>. Its length and order go by code points, not by the UTF-16 units it is kept in.</summary>
internal sealed class PyStr(string text) : PyValue
{
    public string Text { get; } = text;

    public override string TypeName => "str";

    public override bool Truthy => Text.Length > 0;
}
