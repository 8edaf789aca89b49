namespace SandQueue.Environments.WebShop.Rewards;

/// <summary>The nouns of a product's name, in lower case and as often as they stand there.</summary>
internal interface INounSource
{
    /// <summary>What the profile and the evaluation say of it.</summary>
    string Label { get; }

    IReadOnlyList<string> Nouns(string name);
}
