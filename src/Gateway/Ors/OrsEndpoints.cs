using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Ors.Calls;
using SandQueue.Gateway.Ors.Environments;
using SandQueue.Gateway.Ors.Sessions;
using SandQueue.Gateway.Security;

namespace SandQueue.Gateway.Ors;

/// <summary>
/// The door for clients of the Open Reward Standard, whose paths begin at the root. <c>GET /health</c> is AgentScope's, and answers both. A path <c>/NAME/…</c> is an environment's only where
/// no other door has it.
/// </summary>
internal static class OrsEndpoints
{
    /// <summary>The part of a path that names the environment.</summary>
    public const string Environment = "environment";

    /// <summary>What no environment's path begins with: there, what is not found is told in that door's own form.</summary>
    private const string NoOtherDoor = "^(?!v1$|openenv$|mcp$|admin$|openapi$|docs$)";

    public static void AddOrs(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, SessionHeaderPolicy>());
        services.AddSingleton<DeferredTasks>().AddSingleton<SessionStart>().AddSingleton<SessionEpisodes>();
        services.AddSingleton<CatalogueEndpoints>().AddSingleton<SessionEndpoints>().AddSingleton<EpisodeEndpoints>().AddSingleton<CallEndpoint>();
    }

    public static void MapOrs(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var catalogue = services.GetRequiredService<CatalogueEndpoints>();
        Map(routes, HttpMethods.Get, "/list_environments", catalogue.EnvironmentsAsync).RequireAuthorization(ApiKeyServices.Read);
        var environment = routes.MapGroup($"/{{{Environment}:regex({NoOtherDoor})}}");
        Map(environment, HttpMethods.Get, "/splits", catalogue.SplitsAsync).RequireAuthorization(ApiKeyServices.Read);
        Map(environment, HttpMethods.Post, "/tasks", catalogue.TasksAsync).RequireAuthorization(ApiKeyServices.Read);
        Map(environment, HttpMethods.Post, "/num_tasks", catalogue.CountAsync).RequireAuthorization(ApiKeyServices.Read);
        Map(environment, HttpMethods.Post, "/task", catalogue.TaskAsync).RequireAuthorization(ApiKeyServices.Read);
        Map(environment, HttpMethods.Post, "/task_range", catalogue.RangeAsync).RequireAuthorization(ApiKeyServices.Read);
        Map(environment, HttpMethods.Get, "/tools", catalogue.ToolsAsync);

        var sessions = services.GetRequiredService<SessionEndpoints>();
        Map(routes, HttpMethods.Post, "/create_session", SessionEndpoints.OpenAsync).RequireAuthorization(ApiKeyServices.Read);
        Map(routes, HttpMethods.Post, "/create", sessions.CreateAsync).WithMetadata(new NeedsSessionHeader());
        Map(routes, HttpMethods.Post, "/ping", sessions.PingAsync);
        Map(routes, HttpMethods.Post, "/delete", sessions.EndAsync);
        Map(routes, HttpMethods.Post, "/delete_session", sessions.EndAsync);

        var episodes = services.GetRequiredService<EpisodeEndpoints>();
        Map(environment, HttpMethods.Get, "/prompt", episodes.PromptAsync);
        Map(environment, HttpMethods.Get, "/task_tools", episodes.ToolsAsync);
        Map(environment, HttpMethods.Post, "/call", services.GetRequiredService<CallEndpoint>().AnswerAsync);
    }

    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes, string method, string path, Func<HttpContext, Task> answer)
    {
        var errors = routes.ServiceProvider.GetRequiredService<RequestErrors>();
        return routes.MapMethods(path, [method], context => errors.AnswerAsync(context, answer));
    }
}
