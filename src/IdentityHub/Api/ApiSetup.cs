using IdentityHub.Data;

namespace IdentityHub.Api;

/// <summary>
/// What the pages of the administration show and do, for programs: <c>/api/v1</c>, and the endpoint by which a security tool
/// ends everything of a person. Takes access tokens of this hub and no cookie; knows nothing of what it does but how to
/// read a request and write an answer.
/// </summary>
internal static class ApiSetup
{
    public static WebApplicationBuilder AddApi(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ApiOptions>().BindConfiguration("Api").PostConfigure(Check).ValidateOnStart();
        services.AddSingleton<ApiLimits>().AddSingleton<ApiCursors>();
        services.AddHostedService<IdempotencyPruning>();
        // Numbers are numbers, in answers and in what is said of them.
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict);
        // As ApiJson has it: an answer that is given again is the first one to the letter, and none has markup in it.
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Default);
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull);
        services.AddOpenApi(ApiDocument.Name, ApiDocument.Describe);
        return builder;
    }

    public static WebApplication MapApi(this WebApplication app)
    {
        app.MapOpenApi("/api/v1/openapi.json");
        var api = app.MapGroup("/api/v1").AddEndpointFilter<RouteGroupBuilder, ApiAccess>();
        api.MapGroup("").WithTags("People").MapPeople();
        api.MapGroup("").WithTags("Sessions").MapSessions();
        api.MapGroup("").WithTags("Relying parties").MapRelyingParties();
        api.MapGroup("").WithTags("Revocations").MapRevocations();
        api.MapGroup("").WithTags("Keys").MapKeys();
        api.MapGroup("").WithTags("Ending many").MapEndMany();
        api.MapGroup("").WithTags("Audit").MapAudit();
        api.MapGroup("").WithTags("Administrators").MapAdministrators();
        app.MapGlobalTokenRevocation();
        return app;
    }

    private static void Check(ApiOptions options)
    {
        if (options.Refusal() is { } refusal)
        {
            throw new SettingException(refusal);
        }
    }
}
