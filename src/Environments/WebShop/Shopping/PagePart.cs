namespace SandQueue.Environments.WebShop.Shopping;

/// <summary>One text of a page, in reading order.</summary>
/// <param name="Kind">What it is to the agent.</param>
/// <param name="Text">As it stands in the page, blanks at its ends included; may be empty for an option.</param>
/// <param name="Option">The option that a value belongs to.</param>
internal readonly record struct PagePart(PartKind Kind, string Text, string? Option = null);

internal enum PartKind
{
    Text,
    Button,
    ProductLink,
    OptionValue,
}
