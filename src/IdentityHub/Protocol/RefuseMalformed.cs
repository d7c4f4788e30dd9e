using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityHub.Protocol;

/// <summary>
/// Refuses a request with a parameter that stands in it more than once (RFC 6749 §3.1, §3.2): of two values, the one
/// that is checked may not be the one that is used. And one with a control character, which no parameter has any use
/// for, PostgreSQL cannot store and a log must not repeat.
/// </summary>
internal sealed class RefuseMalformed<TContext> : IOpenIddictServerHandler<TContext>
    where TContext : BaseValidatingContext
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<TContext>()
        .UseSingletonHandler<RefuseMalformed<TContext>>()
        // Before the client is looked up.
        .SetOrder(int.MinValue + 50_000)
        .Build();

    public ValueTask HandleAsync(TContext context)
    {
        foreach (var (name, parameter) in context.Transaction.Request!.GetParameters())
        {
            string?[] values = [.. (System.Collections.Immutable.ImmutableArray<string?>?)parameter ?? []];
            // RFC 8707 §2 and RFC 8693 §2.1 name the two that may be repeated.
            if (values.Length > 1 && name is not (Parameters.Resource or Parameters.Audience))
            {
                context.Reject(Errors.InvalidRequest, $"The parameter '{Shown(name)}' is there more than once; send it once.");
                return default;
            }

            if (values.Append(name).Any(v => v is not null && v.Any(char.IsControl)))
            {
                context.Reject(Errors.InvalidRequest, $"The parameter '{Shown(name)}' has a control character; leave it out.");
                return default;
            }
        }

        return default;
    }

    // RFC 6749 §5.2: what an error_description may consist of.
    private static string Shown(string name) =>
        new([.. name.Take(40).Select(c => c is >= ' ' and <= '~' and not ('"' or '\\') ? c : '?')]);
}
