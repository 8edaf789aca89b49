using System.Globalization;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.WebShop.Goals;
using SandQueue.Environments.WebShop.Loading;
using SandQueue.Environments.WebShop.Products;
using SandQueue.Environments.WebShop.Shopping;

namespace SandQueue.Environments.WebShop;

/// <summary>
/// The shopping environment WebShop (Yao et al., 2022): search a catalogue, look at products, choose options, buy. One
/// catalogue and one search index serve all instances.
/// </summary>
internal sealed class WebShopEnvironment : IEnvironment
{
    private readonly Catalogue _catalogue;
    private readonly WebShopSplits _splits;

    private WebShopEnvironment(Catalogue catalogue)
    {
        _catalogue = catalogue;
        _splits = new WebShopSplits(catalogue.Shop.Products.Count, catalogue.Goals.Count, catalogue.HumanGoals?.Count ?? 0);
        var nouns = catalogue.Shop.Scorer.Nouns.Label;
        Description = new EnvironmentDescription(
            Name: "webshop",
            Version: "2",
            ScorerVersion: $"1 ({nouns})",
            PromptVersion: WebShopPrompt.Version,
            DataHash: catalogue.Hash,
            DataSource: $"{catalogue.Source}: {catalogue.Shop.Products.Count} products, {catalogue.Goals.Count} goals; nouns {nouns}")
        {
            Problems = catalogue.Problems,
            Parameters = [new CreateParameter("observation_mode", ParameterType.Text), new CreateParameter("show_attributes", ParameterType.Flag)],
        };
    }

    public EnvironmentDescription Description { get; }

    public IReadOnlyList<string> Splits => _splits.Names;

    /// <summary>Loads a catalogue.</summary>
    /// <param name="folder">The folder with the public files, or null for the small catalogue that is part of the program.</param>
    /// <exception cref="InvalidDataException">The folder lacks a file, or nothing in it could be read.</exception>
    public static WebShopEnvironment Load(string? folder) =>
        new(CatalogueLoader.Load(string.IsNullOrEmpty(folder) ? CatalogueFiles.Sample : CatalogueFiles.Find(folder)));

    public IReadOnlyList<string> ListTasks(string split) => _splits.List(split);

    public IInstance Create(string taskId, EpisodeParameters parameters)
    {
        var mode = ObservationModes.Read(parameters);
        var seed = parameters.Seed ?? PriceDraws.DefaultSeed;
        var (goals, index) = Find(taskId);
        var withAttributes = parameters.Flag("show_attributes") ?? false;
        var session = new ShopSession(_catalogue.Shop, taskId, goals.Read(index, seed), seed, goals, withAttributes);
        return new WebShopInstance(session, mode, parameters.Template, _catalogue.Shop.Scorer.Nouns.Label);
    }

    private (IGoalBook Goals, int Index) Find(string taskId)
    {
        var human = taskId.StartsWith(WebShopSplits.HumanPrefix, StringComparison.Ordinal);
        var number = human ? taskId.AsSpan(WebShopSplits.HumanPrefix.Length) : taskId;
        IGoalBook? book = human ? _catalogue.HumanGoals : _catalogue.Goals;
        if (book is { } goals
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < goals.Count
            && (number.Length == 1 || number[0] != '0'))
        {
            return (goals, index);
        }

        var others = _catalogue.HumanGoals is { } written ? $", and {WebShopSplits.HumanPrefix}0 to {WebShopSplits.HumanPrefix}{written.Count - 1}" : "";
        throw new InvalidRequestException(
            $"webshop has no task {AgentText.Quoted(taskId)}; its tasks are the goal numbers 0 to {_catalogue.Goals.Count - 1}{others}");
    }
}
