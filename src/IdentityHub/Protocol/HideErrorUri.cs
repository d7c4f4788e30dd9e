using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityHub.Protocol;

/// <summary>
/// Leaves out the engine's <c>error_uri</c>: it leads to the documentation of another product, written for those who
/// build providers. The description says what to do.
/// </summary>
internal sealed class HideErrorUri<TContext> : IOpenIddictServerHandler<TContext>
    where TContext : BaseContext
{
    /// <param name="after">The last handler of the engine that writes it.</param>
    public static OpenIddictServerHandlerDescriptor After(OpenIddictServerHandlerDescriptor after) => OpenIddictServerHandlerDescriptor
        .CreateBuilder<TContext>()
        .UseSingletonHandler<HideErrorUri<TContext>>()
        .SetOrder(after.Order + 500)
        .Build();

    public ValueTask HandleAsync(TContext context)
    {
        context.Transaction.Response!.ErrorUri = null;
        return default;
    }
}
