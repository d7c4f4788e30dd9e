using IdentityHub.Sessions;

namespace IdentityHub.Access;

/// <summary>The administrator of the request at hand; endpoints that <see cref="AdminAccess.Needs"/> let pass take it as a parameter.</summary>
/// <param name="Session">Their session.</param>
/// <param name="Role">Their role, as it was when the request arrived.</param>
internal sealed record CurrentAdministrator(CurrentSession Session, AdminRole Role)
{
    /// <summary>The person.</summary>
    public Guid UserId => Session.UserId;

    public bool Can(Capability capability) => Role.Has(capability);

    public static CurrentAdministrator Of(HttpContext context) => context.Features.Get<CurrentAdministrator>()
        ?? throw new InvalidOperationException("The endpoint does not say which capability it needs.");

    public static ValueTask<CurrentAdministrator?> BindAsync(HttpContext context) => ValueTask.FromResult<CurrentAdministrator?>(Of(context));
}
