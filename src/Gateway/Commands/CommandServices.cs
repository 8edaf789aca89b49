namespace SandQueue.Gateway.Commands;

/// <summary>Wires what all HTTP doors need to execute commands.</summary>
internal static class CommandServices
{
    public static void AddCommandDelivery(this IServiceCollection services) =>
        services.AddSingleton<CreateDelivery>().AddSingleton<StepDelivery>().AddSingleton<JournalState>();
}
