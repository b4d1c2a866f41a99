/**
 * The script of a live story's page. It polls the ids of the newest posts every half minute while the page is visible,
 * and shows how many are new. A link inserts them without reloading the page. The CDN may cache the page a moment longer
 * than the list of ids, so the script requests a page without the new posts again, at most five times.
 */
export const liveScript = `(()=>{
let box=document.getElementById('posts'),newest;
const poll=async()=>{
if(document.hidden||!box.dataset.posts)return;
try{
const{posts,coverageEndTime:end}=await(await fetch(box.dataset.posts,{cache:'no-cache'})).json();
const shown=[...box.querySelectorAll('.post')];
const known=new Set(shown.map(post=>post.id));
const at=posts.findIndex(id=>shown.some(post=>'post-'+id===post.id&&!post.matches('.pinned')));
newest=posts[0];
const count=posts.slice(0,at<0?posts.length:at).filter(id=>!known.has('post-'+id)).length;
const link=box.querySelector('.fresh a');
if(count){link.querySelector('b').textContent=count;link.hidden=false}
if(end&&Date.parse(end)<Date.now())delete box.dataset.posts
}catch{}
};
document.addEventListener('click',async event=>{
const link=event.target.closest('.fresh a');
if(!link||event.ctrlKey||event.metaKey||event.shiftKey)return;
event.preventDefault();
try{
let page,left=5;
do{
page=new DOMParser().parseFromString(await(await fetch(link.href,{cache:'no-cache'})).text(),'text/html')
}while(!page.getElementById('post-'+newest)&&--left&&await new Promise(go=>setTimeout(go,1000,1)));
const next=document.importNode(page.getElementById('posts'),true);
box.replaceWith(next);
box=next;
box.focus()
}catch{location.assign(link.href)}
});
setInterval(poll,30000);
document.addEventListener('visibilitychange',poll)
})()`;
