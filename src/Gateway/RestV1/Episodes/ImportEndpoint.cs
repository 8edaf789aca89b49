using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Rollouts.Episodes;
using SandQueue.Routing.Limits;

namespace SandQueue.Gateway.RestV1.Episodes;

/// <summary><c>POST /v1/import</c>: stores episodes of our own JSON lines, plain or gzip, as instances of the tenant that have ended: all of a file, or none.</summary>
internal sealed class ImportEndpoint(EpisodeImport import, IJournalRoom room, IOptions<GatewayOptions> options) : IRestEndpoint
{
    private const int MostTold = 1000;

    public RestOperation Operation { get; } = new("importEpisodes", "Imports episodes: the body is a file of the export's format episodes, plain or gzip", typeof(ImportAnswer)) { IsCommand = true };

    public async Task AnswerAsync(HttpContext context)
    {
        _ = new RestQuery(context, Operation);
        var most = options.Value.MaxImportBytes;
        if (context.Request.ContentLength > most) throw TooLarge(most);
        if (await room.FindOverAsync(context.Tenant(), context.RequestAborted) is { } over)
        {
            var problem = CommandProblem.Of(over);
            context.Response.Headers.RetryAfter = problem.RetryAfter;
            throw new BadRequestException($"{problem.Detail}; nothing was stored", problem.Status, problem.Code);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = most;
        var (episodes, stored, told) = (0L, 0L, new List<ImportAnswerLine>());
        try
        {
            await foreach (var episode in import.RunAsync(context.Tenant(), context.Request.Body, context.RequestAborted))
            {
                episodes++;
                if (episode.IsNew) stored++;
                if (told.Count < MostTold) told.Add(new ImportAnswerLine(episode.Line, episode.EpisodeId, episode.InstanceId, episode.IsNew));
            }
        }
        catch (ImportException exception)
        {
            throw new BadRequestException($"{exception.Message}; nothing was stored. Fix the file and send it again");
        }
        catch (ImportRoomException exception)
        {
            throw new BadRequestException($"the gateway cannot keep the file while it checks it: {exception.Message}; nothing was stored", StatusCodes.Status503ServiceUnavailable);
        }
        catch (BadHttpRequestException exception)
        {
            throw exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge(most) : new BadRequestException($"the file could not be read: {exception.Message}; nothing was stored", exception.StatusCode);
        }

        await RestJson.WriteAsync(context, new ImportAnswer(episodes, stored, told));
    }

    private static BadRequestException TooLarge(long most) =>
        new($"the file is too large: at most {most} bytes are taken (Gateway:MaxImportBytes); nothing was stored. Send it in parts, or as gzip", StatusCodes.Status413PayloadTooLarge);
}
