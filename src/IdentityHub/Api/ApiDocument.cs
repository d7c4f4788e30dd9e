using IdentityHub.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace IdentityHub.Api;

/// <summary>The description of the API (OpenAPI 3.1), made from the endpoints themselves: scopes, parameters, answers.</summary>
internal static class ApiDocument
{
    public const string Name = "v1";

    private const string Scheme = "oauth2";

    public static void Describe(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = description => description.ActionDescriptor.EndpointMetadata.OfType<ApiQuery>().Any();
        // What is null is left out of an answer, so a reader may not count on it.
        options.AddSchemaTransformer((schema, _, _) =>
        {
            schema.Required?.ExceptWith([.. (schema.Properties ?? new Dictionary<string, IOpenApiSchema>()).Where(p => MayBeNull(p.Value)).Select(p => p.Key)]);
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, _, _) =>
        {
            Introduce(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, cancel) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            operation.Parameters ??= [];
            foreach (var name in metadata.OfType<ApiQuery>().Single().Names)
            {
                operation.Parameters.Add(Parameter(name));
            }

            if (metadata.OfType<IsOnceByKey>().Any())
            {
                operation.Parameters.Add(Key());
            }

            if (metadata.OfType<ApiBody>().SingleOrDefault() is { } body)
            {
                var schema = await context.GetOrCreateSchemaAsync(body.Type, null, cancel);
                operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } } };
            }

            var capability = metadata.OfType<NeedsCapability>().Single().Capability;
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [capability.Scope()] }];
        });
    }

    private static bool MayBeNull(IOpenApiSchema schema) =>
        schema.Type is { } type && type.HasFlag(JsonSchemaType.Null) || schema.OneOf is { } choices && choices.Any(MayBeNull);

    private static void Introduce(OpenApiDocument document)
    {
        document.Info = new()
        {
            Title = "IdentityHub administration",
            Version = "1",
            Description = "See where people are signed in, end it, and see which application confirmed. Access tokens are the hub's own: by client_credentials for a program, "
                + "by the authorization code flow for a person with a role, whose session must be live, have a second factor and, for what changes something, a recent proof.",
        };
        // Relative: whoever has the document knows where it is from.
        document.Servers = [new() { Url = "/" }];
        var scopes = Enum.GetValues<Capability>().ToDictionary(c => c.Scope(), Words);
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.OAuth2,
                Flows = new()
                {
                    ClientCredentials = new() { TokenUrl = new Uri("/token", UriKind.Relative), Scopes = scopes },
                    AuthorizationCode = new() { AuthorizationUrl = new Uri("/authorize", UriKind.Relative), TokenUrl = new Uri("/token", UriKind.Relative), Scopes = scopes },
                },
            },
        };
    }

    private static OpenApiParameter Parameter(string name) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = name switch
        {
            "cursor" => "The next of the page before; opaque.",
            "limit" => "How many at most.",
            "from" => "From this instant on.",
            "until" => "Up to this instant, which is not part of it.",
            "person" => "The identifier of a person.",
            "action" => "What happened, in snake case.",
            "actor" => "Who did it: admin:…, client:…, user:…, command-line or system.",
            "format" => "jsonl or csv.",
            "search" => "Beginnings of words of the name or address, or an identifier.",
            "reason" => "Why sessions ended, in snake case.",
            "clientId" => "The client_id of an application.",
            "initiator" => "Who asked: admin:…, client:…, user:…, command-line or system.",
            "unconfirmed" => "true: only those that an application has not confirmed.",
            _ => throw new InvalidOperationException($"The parameter {name} has no description."),
        },
        Schema = name switch
        {
            "limit" => new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = "200", Default = 50 },
            "from" or "until" => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
            "person" => new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
            "unconfirmed" => new OpenApiSchema { Type = JsonSchemaType.Boolean },
            "format" => new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["jsonl", "csv"] },
            _ => new OpenApiSchema { Type = JsonSchemaType.String },
        },
    };

    private static OpenApiParameter Key() => new()
    {
        Name = Idempotency.Header,
        In = ParameterLocation.Header,
        Description = "Of your choice: the act is done once within 24 hours, however often it is sent with the same key; the answer is the first one's.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255 },
        Example = "2f1c9a0e-6d0a-4c55-9f0e-1d8a3c1b7e11",
    };

    private static string Words(Capability capability) => capability switch
    {
        Capability.ReadPeople => "People, their sessions, applications, factors and activity.",
        Capability.EndSessions => "Ending sessions: one, all of a person, those of many.",
        Capability.ManagePeople => "Disabling, enabling, requiring a new password, deleting.",
        Capability.ReadRelyingParties => "Applications and the state of what they are told.",
        Capability.ManageRelyingParties => "Registering, editing, rotating a secret, proving that a session dies.",
        Capability.ReadRevocations => "Revocations, each with what became of it.",
        Capability.RedriveRevocations => "Having applications told again that did not confirm.",
        Capability.ReadAudit => "The audit trail and its export.",
        Capability.ReadKeys => "The signing keys: which is active, next, retired.",
        Capability.RotateKeys => "Rotating the signing keys before their time.",
        Capability.ManageAdministrators => "Who is an administrator, and inviting another.",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
