using Microsoft.AspNetCore.Authorization;

namespace IdentityHub.Client.StepUp;

/// <summary>Decides <see cref="RecentAuthenticationRequirement"/> by the claims of the session and our clock.</summary>
internal sealed class RecentAuthenticationHandler(TimeProvider time) : AuthorizationHandler<RecentAuthenticationRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RecentAuthenticationRequirement requirement)
    {
        if (requirement.IsMetBy(context.User, time.GetUtcNow()))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
