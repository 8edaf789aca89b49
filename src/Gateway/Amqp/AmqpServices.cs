namespace SandQueue.Gateway.Amqp;

/// <summary>Opens the door for AMQP, where there is a broker.</summary>
internal static class AmqpServices
{
    public static void AddAmqpDoor(this IServiceCollection services)
    {
        services.AddSingleton<AmqpExecution>();
        services.AddHostedService<AmqpDoor>();
    }
}
