namespace SandQueue.Gateway.Catalogue;

/// <summary>Wires what doors know of environments before there is an instance, and of episodes that others began.</summary>
internal static class CatalogueServices
{
    public static void AddCatalogue(this IServiceCollection services) =>
        services.AddSingleton<TaskLists>().AddSingleton<SharedTools>().AddSingleton<RecordedEpisodes>().AddSingleton<EpisodeScore>().AddSingleton<NamedEnvironment>();
}
