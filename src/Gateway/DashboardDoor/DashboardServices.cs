using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using SandQueue.Dashboard;
using SandQueue.Dashboard.Calls;
using SandQueue.Gateway.Security;

namespace SandQueue.Gateway.DashboardDoor;

/// <summary>The dashboard for people: its pages, who may see them, and what they can ask of the gateway.</summary>
internal static class DashboardServices
{
    private const string SignedIn = "signed-in";

    /// <param name="builder">The gateway.</param>
    /// <param name="isFarm">Whether its workers are programs of their own.</param>
    public static void AddDashboardDoor(this WebApplicationBuilder builder, bool isFarm)
    {
        // The files of packages lie beside the program where it was published, and in the packages where it was only built.
        builder.WebHost.UseStaticWebAssets();

        // What is protected, forms and the beginnings of pages, lives no longer than the process: no key files.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.Configure<KeyManagementOptions>(keys => (keys.XmlRepository, keys.XmlEncryptor) = (new KeysInMemory(), new NullXmlEncryptor()));

        // In a program that was only built it would look for a file at every path, and answer other methods than GET for paths that are not there.
        builder.Configuration["DisableStaticAssetNotFoundRuntimeFallback"] = "true";
        builder.Services.AddDashboard(new DashboardSettings(isFarm, typeof(DashboardServices).Assembly.GetName().Version!.ToString(3)));
        builder.Services.AddSingleton<Sessions>().AddSingleton<SessionAccess>().AddSingleton<InProcessRequests>().AddSingleton<IGatewayCalls, GatewayCalls>();
        new AuthenticationBuilder(builder.Services).AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, configureOptions: null);
        builder.Services.AddAuthorizationBuilder().AddPolicy(SignedIn, policy => policy.AddAuthenticationSchemes(SessionAuthentication.SchemeName).RequireAuthenticatedUser());
    }

    /// <summary>Maps the pages; everything that they may ask for is mapped by now.</summary>
    public static void MapDashboardDoor(this WebApplication app)
    {
        app.Services.GetRequiredService<InProcessRequests>().Use(app);
        app.UseAntiforgery();
        app.MapStaticAssets().AllowAnonymous();
        app.MapDashboard().RequireAuthorization(SignedIn);
        app.MapPost(SignInEndpoint.FormPath, SignInEndpoint.AnswerAsync).AllowAnonymous();
        app.MapGet(RawEndpoint.Path, RawEndpoint.AnswerAsync).RequireAuthorization(SignedIn);
    }
}
